package dev.diecast.plans;

/**
 * Something in a plan that does not hold.
 *
 * @param location where: {@code program decode, dispatch 12 (blk.0.attn_q)}
 * @param message what is wrong there
 */
public record Finding(String location, String message) {
  @Override
  public String toString() {
    return location + ": " + message;
  }
}
