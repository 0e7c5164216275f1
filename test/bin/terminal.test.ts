import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { onTerminal } from "../../bin/terminal";

/** A terminal on which somebody presses these keys at each question; answers with what the work came to, and what was shown. */
async function asked(keys: readonly string[], questions = keys.length): Promise<{ came: unknown; shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown = text(output);
  const pressed = keys.values();
  const came = await onTerminal(
    async (ask) => {
      const answers: string[] = [];
      for (let at = 0; at < questions; at += 1) {
        const answer = ask(`Question ${at}: `);
        input.write(pressed.next().value ?? "");
        answers.push(await answer);
      }
      return answers;
    },
    input,
    output,
  ).catch((error: unknown) => error);
  output.end();
  return { came, shown: await shown };
}

test("questions are answered in turn, without the spaces around what was typed", async () => {
  const { came, shown } = await asked(["dev\r", "  two words \r", "\r"]);
  expect(came).toEqual(["dev", "two words", ""]);
  expect(shown).toContain("Question 2: ");
});

test("a line that was taken back is none", async () => {
  expect((await asked(["prod\u0015dev\r"])).came).toEqual(["dev"]);
});

test.each([
  ["Ctrl-C", "\u0003", "INTERRUPTED"],
  ["Ctrl-C after some letters", "de\u0003", "INTERRUPTED"],
  ["Ctrl-D", "\u0004", "NOT_CONFIRMED"],
])("%s ends the questions, and what is said next begins a line", async (_, keys, code) => {
  const { came, shown } = await asked([keys], 2);
  expect(came).toMatchObject({ code, message: expect.stringContaining("nothing was done") });
  expect(shown).toMatch(/\n$/);
  expect(shown).not.toContain("Question 1");
});

test("what the work throws is told, and nothing is asked any more", async () => {
  const input = new PassThrough();
  const refused = onTerminal(() => Promise.reject(new Error("refused")), input, new PassThrough());
  await expect(refused).rejects.toThrow("refused");
  expect(input.listenerCount("keypress")).toBe(0);
});
