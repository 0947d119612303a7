package dev.diecast.plans.gguf;

import java.util.List;
import java.util.Optional;

/**
 * A model as the planner sees it: metadata and a tensor table, with or without the weights at hand.
 */
public interface ModelSource {
  /** The metadata. */
  Metadata metadata();

  /** All tensors, in file order. */
  List<TensorInfo> tensors();

  /** The tensor of that name, or empty. */
  Optional<TensorInfo> tensor(String name);

  /** Lower-case hex SHA-256 of the metadata and tensor table. */
  String fingerprint();

  /** Sizes of the GGUF parts in bytes, in order. */
  List<Long> fileBytes();

  /** What to call the source in an error: a path or a shape. */
  String location();
}
