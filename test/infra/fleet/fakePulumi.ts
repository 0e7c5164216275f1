import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type * as Fs from "node:fs";
import path from "node:path";

/** What the fake answers to one command: `up`, `preview`, `destroy`, `stack --stack` (is it there?), `stack output`, … */
export interface FakeAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  /** Engine events, as the CLI tells them to the Automation API. */
  readonly events?: readonly object[];
  /** It waits to be stopped, as the CLI does in the middle of a deployment. */
  readonly hangs?: boolean;
}

/** One call: its arguments, and what it was given in the environment. */
export interface Call {
  readonly args: readonly string[];
  readonly passphrase?: string;
  /** The text of `--config-file`. */
  readonly config?: string;
}

/** Older than the CLI that tells its events over a socket: this one writes them to a file. */
const VERSION = "v3.150.0";

/** An executable `pulumi` that answers as it is told and notes how it was called. */
export class FakePulumi {
  readonly bin: string;
  readonly #answers: string;
  readonly #calls: string;

  constructor(folder: string) {
    this.bin = path.join(folder, "bin");
    this.#answers = path.join(folder, "answers.json");
    this.#calls = path.join(folder, "calls.jsonl");
    mkdirSync(this.bin, { recursive: true });
    const script = path.join(this.bin, "pulumi");
    writeFileSync(script, `#!${process.execPath}\n(${serve.toString()})(${JSON.stringify(this.#files())});\n`);
    chmodSync(script, 0o755);
    this.answer({});
  }

  answer(answers: Readonly<Record<string, FakeAnswer>>): void {
    writeFileSync(this.#answers, JSON.stringify(answers));
  }

  calls(): Call[] {
    if (!existsSync(this.#calls)) return [];
    return readFileSync(this.#calls, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Call);
  }

  /** The call of a command, by its first words. */
  call(...words: string[]): Call | undefined {
    return this.calls().find(({ args }) => words.every((word, at) => args[at] === word));
  }

  #files() {
    return { answers: this.#answers, calls: this.#calls, version: VERSION };
  }
}

/** Runs in the fake's own process: it may use nothing from around it. */
function serve(files: { answers: string; calls: string; version: string }): void {
  const fs = require("node:fs") as typeof Fs;
  const args = process.argv.slice(2);
  if (args[0] === "version") return void process.stdout.write(files.version);
  const after = (option: string): string | undefined =>
    args.includes(option) ? args[args.indexOf(option) + 1] : undefined;
  const config = after("--config-file");
  const call = {
    args,
    passphrase: process.env["PULUMI_CONFIG_PASSPHRASE"],
    config: config && fs.readFileSync(config, "utf8"),
  };
  fs.appendFileSync(files.calls, `${JSON.stringify(call)}\n`);
  const command = args[0] === "stack" ? `stack ${args[1]}` : String(args[0]);
  const answers = JSON.parse(fs.readFileSync(files.answers, "utf8")) as Record<string, FakeAnswer>;
  const usual: Record<string, string> = {
    "stack output": "{}",
    "stack history": "[]",
    "stack ls": "[]",
    "stack export": '{ "deployment": {} }',
  };
  const { stdout = usual[command] ?? "", stderr = "", code = 0, events = [], hangs } = answers[command] ?? {};
  const log = after("--event-log");
  if (log !== undefined) {
    events.forEach((event, sequence) =>
      fs.appendFileSync(log, `${JSON.stringify({ sequence, timestamp: 0, ...event })}\n`),
    );
  }
  const end = (): void => {
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = code;
  };
  if (hangs !== true) return end();
  const alive = setInterval(() => {}, 60_000);
  process.stdout.write("it has begun");
  process.on("SIGINT", () => {
    clearInterval(alive);
    end();
  });
}
