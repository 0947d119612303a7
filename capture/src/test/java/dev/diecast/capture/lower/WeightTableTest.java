package dev.diecast.capture.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.TestModel;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightTableTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTensorLiesWhollyInOneWindow(long seed) {
    Random random = new Random(seed);
    TestModel model = new TestModel("llama");
    for (int i = 0; i < 50; i++) {
      model.vector("t" + i, 1 + random.nextInt(20_000));
    }
    BufferTable buffers = new BufferTable();
    WeightTable table = WeightTable.of(model.tensors(), model, buffers, 100_000);
    assertThat(table.tensors()).hasSize(50);
    for (PlanTensor tensor : table.tensors()) {
      PlanBuffer.Weights window = (PlanBuffer.Weights) buffers.all().get(tensor.buffer());
      TensorInfo info = model.tensor(tensor.name()).orElseThrow();
      assertThat(window.fileOffset() + tensor.offset()).isEqualTo(info.fileOffset());
      assertThat(tensor.offset() + tensor.bytes()).isLessThanOrEqualTo(window.bytes());
    }
    assertThat(buffers.all())
        .allSatisfy(buffer -> {
          PlanBuffer.Weights window = (PlanBuffer.Weights) buffer;
          assertThat(window.bytes()).isLessThanOrEqualTo(100_000);
          assertThat(window.fileOffset() % WeightTable.ALIGNMENT).isZero();
        });
  }

  @Test
  void tensorOutsideItsFileIsRefused() {
    TestModel model = new TestModel("llama").vector("a", 64);
    TensorInfo beyond = new TensorInfo("b", TensorType.F32, List.of(64L), 0, 1L << 40, 256);
    TensorInfo elsewhere = new TensorInfo("c", TensorType.F32, List.of(64L), 1, 0, 256);
    for (TensorInfo tensor : List.of(beyond, elsewhere)) {
      assertThatThrownBy(() -> WeightTable.of(List.of(tensor), model, new BufferTable(), 100_000))
          .isInstanceOf(PlanException.class)
          .hasMessageContaining("'" + tensor.name() + "' lies outside its file");
    }
  }
}
