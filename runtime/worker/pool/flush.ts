import { within } from "../deadline";
import type { Env } from "../env";
import type { Log } from "../log";
import { settleBooking } from "./budget";
import { writeJobRecord } from "./jobRecord";
import { writeRows, type LedgerRow } from "./ledger";
import type { DueItem, Outbox } from "./outbox";

const DEADLINE_MS = 10_000;

/** Writes what is due of an outbox: rows in one transaction of D1, the rest side by side. Never throws. */
export async function flush(outbox: Outbox, env: Env, log: Log): Promise<void> {
  const due = outbox.due(Date.now());
  const rows = due.filter(({ kind }) => kind === "row");
  const others = due.filter(({ kind }) => kind !== "row");
  await Promise.all([
    rows.length > 0 && attempt(rows, () => writeRows(env.DB, rows.map(bodyOf<LedgerRow>)), { outbox, log }),
    ...others.map((item) => attempt([item], () => writeOne(item, env), { outbox, log })),
  ]);
}

function writeOne(item: DueItem, env: Env): Promise<void> {
  if (item.kind === "record") return writeJobRecord(env, item.slot, item.body);
  return settleBooking(env, item.store, bodyOf<{ key: string; usd: number }>(item));
}

const bodyOf = <Body>({ body }: DueItem): Body => JSON.parse(body) as Body;

const FAILED = { row: "ledger_failed", record: "job_record_not_written", spent: "spending_not_settled" } as const;

async function attempt(
  items: readonly DueItem[],
  write: () => Promise<void>,
  { outbox, log }: { outbox: Outbox; log: Log },
): Promise<void> {
  try {
    const done = await within(
      DEADLINE_MS,
      write().then(() => true),
      false,
    );
    if (!done) throw new Error(`no answer in ${DEADLINE_MS / 1000} s`);
    for (const item of items) outbox.written(item, Date.now());
  } catch (error) {
    for (const item of items) {
      const dropped = !outbox.failed(item, Date.now());
      log.error(FAILED[item.kind], error, { tries: item.tries + 1, dropped });
    }
  }
}
