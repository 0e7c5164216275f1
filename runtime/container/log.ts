import pino, { type DestinationStream, type Logger } from "pino";

export type { Logger };

/**
 * JSON lines on standard output. Written synchronously: no worker thread (which a bundle has no file for) and no line
 * lost on exit. What is logged is chosen field by field at each call; bodies, prompts, keys and shopper ids never are.
 */
export function createLog(
  level: string,
  buildId: string,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: { service: "generator", build_id: buildId },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
