export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code that an error of ours has. */
export function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
