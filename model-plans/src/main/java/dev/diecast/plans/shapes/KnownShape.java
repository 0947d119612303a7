package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.MetaValue;
import java.util.List;
import java.util.Map;

/** The hyper-parameters of a public model, from which its metadata and tensor table follow. */
sealed interface KnownShape permits GroupedQueryShape, LatentShape {
  /** What a person types: {@code qwen3-0.6b}. */
  String name();

  /** The GGUF architecture. */
  String architecture();

  /** Transformer layers. */
  int layers();

  /** Width of the residual stream. */
  int width();

  /** Query heads. */
  int heads();

  /** Hidden width of a dense FFN. */
  int hidden();

  /** Tokens in the vocabulary. */
  int vocab();

  /** Trained context in tokens. */
  int context();

  /** RMSNorm epsilon. */
  double epsilon();

  /** RoPE base frequency. */
  double theta();

  /** The metadata of a file with that mix of types. */
  Map<String, MetaValue> metadata(TypeMix mix);

  /** The tensors of a file with that mix of types. */
  List<GgufLayout.Spec> tensors(TypeMix mix);
}
