package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.Fingerprint;
import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A model laid out as a file that need not exist. */
record KnownModel(String location, GgufLayout layout, Map<String, TensorInfo> byName)
    implements ModelSource {
  static KnownModel of(String location, KnownShape shape, TypeMix mix) {
    return of(new Metadata(location, shape.metadata(mix)), location, shape.tensors(mix));
  }

  static KnownModel of(Metadata metadata, String location, List<GgufLayout.Spec> specs) {
    GgufLayout layout = GgufLayout.of(metadata, specs);
    Map<String, TensorInfo> byName =
        layout.tensors().stream().collect(Collectors.toMap(TensorInfo::name, Function.identity()));
    return new KnownModel(location, layout, byName);
  }

  @Override
  public Metadata metadata() {
    return layout.metadata();
  }

  @Override
  public List<TensorInfo> tensors() {
    return layout.tensors();
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public String fingerprint() {
    return Fingerprint.of(metadata(), tensors());
  }

  @Override
  public List<Long> fileBytes() {
    return List.of(layout.fileBytes());
  }
}
