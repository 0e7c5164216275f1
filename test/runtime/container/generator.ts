import { createServer } from "node:http";
import { createApp } from "../../../runtime/container/app";
import { readConfig } from "../../../runtime/container/config";
import type { GuardTimes } from "../../../runtime/container/llm/guard";
import { connectProviders, Models } from "../../../runtime/container/llm/models";
import { createLog } from "../../../runtime/container/log";
import type { GenerateResponse } from "../../../runtime/contract/generate";
import { close, listen } from "../../support/loopback";

export interface Answer {
  status: number;
  headers: Headers;
  body: GenerateResponse & { error: { code: string; message: string; retryable: boolean; field?: string } };
}

export interface Generator {
  url: string;
  /** What it has logged, a parsed object a line. */
  lines: () => Record<string, unknown>[];
  logText: () => string;
  post(body: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** The real app, configured as by its environment, on a free port of loopback. */
export async function startGenerator(
  env: Record<string, string> = {},
  times?: Partial<GuardTimes>,
): Promise<Generator> {
  const written: string[] = [];
  const config = readConfig(env);
  const log = createLog("debug", config.buildId, { write: (line: string) => void written.push(line) });
  const models = new Models(connectProviders(config.providers), times);
  const server = createServer(createApp({ log, models, buildId: config.buildId }).callback());
  const url = await listen(server);
  return {
    url,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    logText: () => written.join(""),
    post: (body, headers = {}) => post(url, body, headers),
    close: () => close(server),
  };
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/generate`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
}
