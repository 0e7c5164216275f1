import type { Part, Said, Sayings } from "../../infra/fleet/manifest";
import { onTerminal } from "../terminal";

/** What nothing tells and nobody should guess: a wrong one is seen by shoppers. */
const QUESTIONS = [
  ["currency", "Currency of the prices (such as GBP; Enter for USD)"],
  ["shopUrl", "Address of the shop, where its products' pages are (Enter for none yet)"],
] as const satisfies readonly (readonly [Part, string])[];

/** Asks on the terminal for what nobody said; an empty answer leaves it to what is usual. */
export async function askFor(known: Sayings): Promise<Sayings> {
  const open = QUESTIONS.filter(([part]) => known[part] === undefined);
  if (open.length === 0) return {};
  return onTerminal(async (ask) => {
    const answers: [Part, Said][] = [];
    for (const [part, question] of open) {
      const value = await ask(`${question}: `);
      if (value !== "") answers.push([part, { value, by: "your answer" }]);
    }
    return Object.fromEntries(answers);
  });
}
