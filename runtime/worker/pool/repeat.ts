const ATTEMPTS = 3;
/** KV takes one write a second for each key: a refused one is tried again after that. */
const PAUSE_MS = 1_100;

/** Does a write up to three times. Throws what the last one did. */
export async function repeat(write: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await write();
      return;
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error;
      await scheduler.wait(PAUSE_MS);
    }
  }
}
