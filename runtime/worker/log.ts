type Fields = Readonly<Record<string, unknown>>;

/** Writes JSON lines; every line of one logger carries the fields it was made with. */
export interface Log {
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, error: unknown, fields?: Fields): void;
  with(fields: Fields): Log;
}

/** A logger; `fields` (a request's or job's id, a store) are on each line. Shopper ids, prompts and keys never are. */
export function createLog(fields: Fields): Log {
  const line = (level: string, event: string, more?: Fields): string =>
    JSON.stringify({ time: new Date().toISOString(), level, event, ...fields, ...more });
  return {
    info: (event, more) => console.log(line("info", event, more)),
    warn: (event, more) => console.warn(line("warn", event, more)),
    error: (event, error, more) => console.error(line("error", event, { ...more, ...describe(error) })),
    with: (more) => createLog({ ...fields, ...more }),
  };
}

function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause === undefined ? {} : { cause: String(error.cause) };
  return { message: error.message, name: error.name, stack: error.stack, ...cause };
}
