import { privacyLine } from "../../page";
import type { Store } from "../stores/record";

/** Puts into a stored page, whoever wrote it, the line by which its reader can switch personalisation off. */
export function withPrivacyLine(html: string, store: Store): string {
  const line = privacyLine({ shop: store, page: { privacy: "on" } })?.toString() ?? "";
  // The last foot of a page is ours, whoever wrote the rest.
  const at = html.lastIndexOf("</footer>");
  return at < 0 ? html + line : html.slice(0, at) + line + html.slice(at);
}
