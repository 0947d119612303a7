package dev.diecast.tools.profile;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.replay.Session;

/**
 * Runs one program of a session's plan again and again, at about the same position.
 *
 * @param session a session of its own
 * @param program decode, or a prefill program
 * @param position tokens in the KV cache before a run; decoding goes on from there as long as the
 *     context lasts
 */
record ProgramRuns(Session session, Program program, int position) {
  private static final int ANY_TOKEN = 0;

  /** Refuses a position that leaves no room for a run. */
  ProgramRuns {
    if (position < 0 || position > session.capacity() - program.tokens()) {
      throw new PlanException(
          "--depth is %d, the context of %d tokens leaves no room for a run of %d there"
              .formatted(position, session.capacity(), program.tokens()));
    }
  }

  /** Makes the session ready for a run. */
  void place() {
    boolean there = session.position() >= position;
    boolean decodesOn = program.tokens() == 1 && session.position() < session.capacity();
    if (!there || !(decodesOn || session.position() == position)) {
      session.reset();
      if (position > 0) {
        session.prefill(new int[position]);
      }
    }
  }

  /** Runs the program once. */
  void run() {
    if (program.tokens() == 1) {
      session.feed(ANY_TOKEN);
    } else {
      session.prefill(new int[program.tokens()]);
    }
  }
}
