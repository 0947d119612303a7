package dev.diecast.replay.cpu.ops;

import dev.diecast.replay.cpu.Worker;

/** What becomes of the splits of attention. An item is a head and a range of tokens. */
interface Join {
  /** Items of this run. */
  long items();

  long scratchBytes();

  /** Query head of an item. */
  long head(long item);

  /** First token of an item. */
  long firstToken(long item);

  /** Last token of an item. */
  long lastToken(long item);

  /** Joins the splits of an item, which are all there. */
  void run(long item, Worker worker);
}
