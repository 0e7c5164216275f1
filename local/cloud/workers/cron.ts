/**
 * Cron expressions as Cloudflare reads them (developers.cloudflare.com/workers/configuration/cron-triggers): five fields, UTC,
 * the week from 1 for Sunday to 7 for Saturday, names, and `L`, `W`, `#`.
 */
import { Cron } from "croner";

const OPTIONS = { mode: "5-part", timezone: "UTC", alternativeWeekdays: true, paused: true } as const;

/** A number of the week's field that is a day: not a step (`/2`) and not a count (`#2`). */
const DAY = /(?<![/#\d])\d+/g;

/** What an expression means; undefined where it means nothing, or no moment at all. */
export function readCron(text: string): ((minute: Date) => boolean) | undefined {
  const fields = text.trim().split(/\s+/);
  const days = fields[4]?.match(DAY) ?? [];
  if (fields.length !== 5 || days.some((day) => Number(day) < 1 || Number(day) > 7)) return undefined;
  try {
    const cron = new Cron(fields.join(" "), OPTIONS);
    return cron.nextRun() === null ? undefined : (minute) => cron.match(minute);
  } catch {
    return undefined;
  }
}
