/** Splits SQL text into its statements, as SQLite would: quotes, comments and trigger bodies do not end one. */

/** One thing in SQL text that matters for where a statement ends; anything else is skipped a character at a time. */
const TOKEN = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|;|[A-Za-z_]\w*/g;
const COMMENT = /^(--|\/\*)/;

/** The statements without their semicolons; empty ones and those of comments alone are left out. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let words: string[] = [];
  let hasCode = false;
  let depth = 0; // of BEGIN … END and CASE … END within CREATE TRIGGER
  let codeEnd = 0;
  for (const { 0: token, index } of sql.matchAll(TOKEN)) {
    // Digits, operators and the like between two tokens are code too.
    if (sql.slice(codeEnd, index).trim() !== "") hasCode = true;
    codeEnd = index + token.length;
    if (COMMENT.test(token)) continue;
    if (token === ";" && depth === 0) {
      if (hasCode) statements.push(sql.slice(start, index).trim());
      [start, words, hasCode] = [index + 1, [], false];
      continue;
    }
    hasCode = true;
    const word = token.toUpperCase();
    if (words.length < 4) words.push(word);
    if (isTrigger(words)) {
      if (word === "BEGIN" || (word === "CASE" && depth > 0)) depth += 1;
      if (word === "END" && depth > 0) depth -= 1;
    }
  }
  const rest = sql.slice(start).trim();
  if (rest !== "" && (hasCode || sql.slice(codeEnd).trim() !== "")) statements.push(rest);
  return statements;
}

/** CREATE [TEMP | TEMPORARY] TRIGGER … */
const isTrigger = (words: readonly string[]): boolean =>
  words[0] === "CREATE" &&
  (words[1] === "TRIGGER" || (/^TEMP(ORARY)?$/.test(words[1] ?? "") && words[2] === "TRIGGER"));

/** Whether a statement makes, changes or removes a table or the like. */
export const changesSchema = (statement: string): boolean => /^(?:CREATE|ALTER|DROP)$/i.test(firstWord(statement));

/** Whether a statement only reads. */
export const onlyReads = (statement: string): boolean => /^(?:SELECT|VALUES|EXPLAIN)$/i.test(firstWord(statement));

/** The word that a statement begins with, past spaces and comments; empty where it begins with something else. */
const firstWord = (statement: string): string => /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(\w*)/.exec(statement)?.[1] ?? "";
