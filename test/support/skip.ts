import { existsSync } from "node:fs";

/** `it` where the condition holds, else a skipped test whose name says why. */
export function itIf(condition: boolean, reason: string): (name: string, fn: () => Promise<void>, ms?: number) => void {
  return (name, fn, ms) => {
    if (condition) it(name, fn, ms);
    else it.skip(`${name} [${reason}]`, fn);
  };
}

/** Path of a Chromium on this machine: `CHROMIUM_PATH`, or where Debian and others put it. */
export const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path): path is string => path !== undefined && path !== "" && existsSync(path));

/** Flags that keep a headless Chromium from asking anything outside. */
export const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
