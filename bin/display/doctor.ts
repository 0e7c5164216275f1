import type { Finding } from "../doctor/finding";
import { styled } from "./style";
import { columns } from "./table";

const SIGNS = {
  ok: { sign: "✓", format: "green" },
  missing: { sign: "!", format: "yellow" },
  bad: { sign: "✗", format: "red" },
} as const;

/** A line for each finding; below what is not there, what it is for and how to get it. */
export function doctorLines(findings: readonly Finding[], stack: string | undefined): string[] {
  const rows = columns(findings.map(({ name, found }) => [name, found]));
  const use = stack === undefined ? "npm start and npm test" : `deploying stack ${stack}`;
  const bad = findings.filter(({ status }) => status === "bad").length;
  const missing = findings.filter(({ status }) => status === "missing").length;
  const others =
    missing === 0 ? "" : ` ${missing} of the others ${missing === 1 ? "is" : "are"} not there, and not needed for it.`;
  return [
    ...findings.flatMap((one, at) => {
      const { sign, format } = SIGNS[one.status];
      const line = `${styled(format, sign)} ${rows[at]!.join("").trimEnd()}`;
      if (one.status === "ok") return [line];
      return [line, `    for: ${one.for}`, ...(one.get === undefined ? [] : [`    how: ${one.get}`])];
    }),
    "",
    (bad === 0
      ? `All that is needed for ${use} is here.`
      : `${bad} of what is needed for ${use} ${bad === 1 ? "is" : "are"} missing: ✗.`) + others,
  ];
}
