package dev.diecast.kernels.msl;

import java.util.List;
import java.util.Optional;

/**
 * How a struct lies in memory.
 *
 * @param name of the struct
 * @param fields in order
 * @param bytes its size, padding at the end included
 * @param alignment in bytes
 */
public record StructLayout(String name, List<Field> fields, long bytes, long alignment) {

  /**
   * A field.
   *
   * @param name of the field
   * @param type with array lengths, such as {@code "uchar[12]"}
   * @param offset in bytes from the start of the struct
   * @param bytes its size
   */
  public record Field(String name, String type, long offset, long bytes) {}

  /** Copies the fields. */
  public StructLayout {
    fields = List.copyOf(fields);
  }

  /** The field of that name. */
  public Optional<Field> field(String wanted) {
    return fields.stream().filter(f -> f.name().equals(wanted)).findFirst();
  }
}
