/** A receiver that takes longer is asked again later. */
const DEADLINE_MS = 10_000;

/** `taken`, or in a few words why not: never the address, which is a secret, nor an error's own text, which may have it. */
export type Sent = "taken" | "silent" | "unreachable" | `answered ${number}`;

/** Posts a notice. Never throws; a redirect is not followed, for it would lead the notice to somebody else. */
export async function sendNotice(url: string, body: string, id: string): Promise<Sent> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": id, "User-Agent": "WandStore-Alerts/1" },
      body,
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    return response.ok ? "taken" : `answered ${response.status}`;
  } catch {
    return signal.aborted ? "silent" : "unreachable";
  }
}
