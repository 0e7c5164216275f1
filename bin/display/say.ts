export const say = (line = ""): void => void process.stdout.write(`${line}\n`);

/** Where a message disturbs no document on stdout. */
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);
