package dev.diecast.capture;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model without weights, built tensor by tensor. */
public final class TestModel implements ModelSource {
  private final String architecture;
  private final Map<String, MetaValue> metadata = new LinkedHashMap<>();
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private long end = 4096;

  public TestModel(String architecture) {
    this.architecture = architecture;
    metadata.put("general.architecture", new MetaValue.Text(architecture));
  }

  public TestModel with(String key, long value) {
    metadata.put(architecture + "." + key, new MetaValue.Int(MetaValue.Type.UINT32, value));
    return this;
  }

  public TestModel with(String key, double value) {
    metadata.put(architecture + "." + key, new MetaValue.Real(MetaValue.Type.FLOAT32, value));
    return this;
  }

  public TestModel with(String key, boolean value) {
    metadata.put(architecture + "." + key, new MetaValue.Bool(value));
    return this;
  }

  public TestModel tensor(String name, TensorType type, long... shape) {
    List<Long> extents = new ArrayList<>();
    long bytes = type.rowBytes(shape[0]);
    for (int i = 0; i < shape.length; i++) {
      extents.add(shape[i]);
      bytes = i == 0 ? bytes : Math.multiplyExact(bytes, shape[i]);
    }
    tensors.put(name, new TensorInfo(name, type, extents, 0, end, bytes));
    end += (bytes + 31) / 32 * 32;
    return this;
  }

  /** Takes a tensor away again; its bytes stay unused. */
  public TestModel without(String name) {
    tensors.remove(name);
    return this;
  }

  /** A float32 vector. */
  public TestModel vector(String name, long width) {
    return tensor(name, TensorType.F32, width);
  }

  @Override
  public Metadata metadata() {
    return new Metadata(location(), metadata);
  }

  @Override
  public List<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public List<Long> fileBytes() {
    return List.of(end);
  }

  @Override
  public String location() {
    return "test model " + architecture;
  }
}
