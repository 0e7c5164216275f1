import { DurableObject } from "cloudflare:workers";
import { sessionKey } from "../../contract/keys";
import { detectPersona, isMaterialChange, UNKNOWN_PERSONA } from "../../lib/persona/detect";
import type { Fact } from "../../lib/persona/facts";
import { signalsOf } from "../../lib/persona/signals";
import type { Env } from "../env";
import type { FaultCode } from "../../contract/errors";
import type { GenerationProgress, Session, ShopperApi, ShopperName, StoredPage } from "./api";

/** A persona comes from this many of the newest events; older ones say less of today's shopper. */
const REMEMBERED_EVENTS = 200;
/** KV takes one write a second for each key. */
const WRITE_PAUSE_MS = 1_000;
const SESSION_SECONDS = 30 * 86_400;

/** One shopper of one store: what they did, the persona in effect, and the last page made for them. */
export class Shopper extends DurableObject<Env> implements ShopperApi {
  #writtenAt = 0;

  async track(name: ShopperName, facts: Fact[]): Promise<{ session: Session; changed: boolean }> {
    const { sql } = this.ctx.storage;
    // Here, where it is first needed: most shoppers' objects are only told of a page, and one that is only asked writes nothing.
    sql.exec("CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, fact TEXT NOT NULL)");
    for (const fact of facts) sql.exec("INSERT INTO events (fact) VALUES (?)", JSON.stringify(fact));
    sql.exec("DELETE FROM events WHERE seq <= (SELECT MAX(seq) FROM events) - ?", REMEMBERED_EVENTS);
    const remembered = sql
      .exec<{ fact: string }>("SELECT fact FROM events ORDER BY seq")
      .toArray()
      .map(({ fact }) => JSON.parse(fact) as Fact);

    const before = this.#session();
    const persona = detectPersona(signalsOf(remembered));
    const changed = isMaterialChange(before.persona, persona);
    const session = changed ? { ...before, persona } : before;
    if (changed) await this.#save(name, session);
    return { session, changed };
  }

  async pageStored(name: ShopperName, page: StoredPage): Promise<void> {
    await this.#save(name, { ...this.#session(), page });
  }

  async session(): Promise<Session> {
    return this.#session();
  }

  async progress(_name: ShopperName, _progress: GenerationProgress): Promise<void> {}

  async failed(_name: ShopperName, _error: { code: FaultCode; message: string }): Promise<void> {}

  async consent(name: ShopperName): Promise<Session> {
    const session: Session = { ...this.#session(), consent: "granted" };
    await this.#save(name, session);
    return session;
  }

  async erase({ store, shopper }: ShopperName): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    await this.env.SHOPPER_SESSIONS.delete(sessionKey(store, shopper));
  }

  /** Writes the copy in KV that a burst of changes put off. */
  override async alarm(): Promise<void> {
    const name = this.ctx.storage.kv.get<ShopperName>("name");
    if (name !== undefined) await this.#publish(name);
  }

  #session(): Session {
    return this.ctx.storage.kv.get<Session>("session") ?? { version: 1, persona: UNKNOWN_PERSONA, page: null };
  }

  async #save(name: ShopperName, session: Session): Promise<void> {
    this.ctx.storage.kv.put("session", session);
    this.ctx.storage.kv.put("name", name);
    const pause = this.#writtenAt + WRITE_PAUSE_MS - Date.now();
    if (pause > 0) await this.ctx.storage.setAlarm(Date.now() + pause);
    else await this.#publish(name);
  }

  async #publish({ store, shopper }: ShopperName): Promise<void> {
    this.#writtenAt = Date.now();
    const text = JSON.stringify(this.#session());
    await this.env.SHOPPER_SESSIONS.put(sessionKey(store, shopper), text, { expirationTtl: SESSION_SECONDS });
  }
}
