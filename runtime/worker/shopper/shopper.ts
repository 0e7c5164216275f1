import { DurableObject } from "cloudflare:workers";
import { toErrorBody, WandError, type FaultCode } from "../../contract/errors";
import { sessionKey } from "../../contract/keys";
import { CLOSE, MESSAGE_BYTES, type ServerEvent } from "../../contract/websocket";
import { detectPersona, isMaterialChange, UNKNOWN_PERSONA } from "../../lib/persona/detect";
import type { Fact } from "../../lib/persona/facts";
import { signalsOf } from "../../lib/persona/signals";
import { within } from "../deadline";
import type { Env } from "../env";
import { createLog } from "../log";
import { count } from "../metrics/count";
import { isRecent } from "../recent";
import { Agenda } from "./agenda";
import { SocketQuerySchema, type GenerationProgress, type Session, type ShopperApi } from "./api";
import type { ShopperName, StoredPage } from "./api";
import { askFor, wantedPage } from "./ask";
import { Behaviour } from "./behaviour";
import { parseMessage } from "./clientMessage";
import { Outbox } from "./outbox";
import { Pace } from "./pace";
import { forgetSession, rememberSession } from "./session";
import { attachedTo, send, Sockets } from "./sockets";

/** In a burst of events the persona is worked out this often, and once more at its end. */
const DETECTION_PAUSE_MS = 250;
/** A persona that keeps changing gets its page made this often: each one costs a call of a model. */
const ASK_PAUSE_MS = 2_000;
/** KV takes one write a second for each key. */
const WRITE_PAUSE_MS = 1_000;
/** A shopper may ask for a page this often, and for one that they need not have. */
const REFRESH_PAUSE_MS = 5_000;
const FORCED_PAUSE_MS = 60_000;
/** Longest that KV, or the pool, is waited for. */
const DEADLINE_MS = 5_000;
const DAY_MS = 86_400_000;
/** An object forgets a shopper who was not here for so long, as KV and the cookie do. */
const SESSION_DAYS = 30;
/** News of a page that was being made when all was erased have come by then, or never come. */
const ERASURE_REMEMBERED_MS = 300_000;

type Task = "detect" | "ask" | "publish" | "expire";

/**
 * One shopper of one store: what they did, the persona in effect, the last page made for them, and their open WebSockets.
 * Storage under `name`, `since`, `origin`, `session`, `refreshed_at`; `told` is the outbox's and `agenda` the agenda's.
 */
export class Shopper extends DurableObject<Env> implements ShopperApi {
  readonly #agenda: Agenda<Task>;
  readonly #behaviour: Behaviour;
  readonly #outbox: Outbox;
  readonly #sockets: Sockets;
  readonly #writing = new Pace(WRITE_PAUSE_MS);
  readonly #log = createLog({ object: "shopper" });
  #detectedAt = 0;
  #askedAt = 0;
  /** In memory alone: an object with anything stored, or with an alarm, is still listed by its shopper's name. */
  #erasedAt = Number.NEGATIVE_INFINITY;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#agenda = new Agenda(ctx.storage);
    this.#behaviour = new Behaviour(ctx.storage.sql);
    this.#outbox = new Outbox(ctx.storage.kv);
    this.#sockets = new Sockets(ctx);
  }

  override async fetch(request: Request): Promise<Response> {
    const query = SocketQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
    const { since, ...who } = query;
    const now = Date.now();
    const { 0: client, 1: server } = new WebSocketPair();
    this.#sockets.accept(server, { ...who, openedAt: now });
    for (const { seq, event } of this.#outbox.missed(since, now)) send(server, { ...event, seq });
    count(this.env, ignore, "sockets_opened_total", { store: who.store });
    return new Response(null, { status: 101, webSocket: client });
  }

  async track(name: ShopperName, facts: Fact[], origin: string): Promise<{ session: Session; changed: boolean }> {
    const now = Date.now();
    this.#know(name);
    if (this.#kv.get("origin") !== origin) this.#kv.put("origin", origin);
    this.#behaviour.add(facts, now);
    await this.#live(now);
    let changed = false;
    if (!isRecent(this.#detectedAt, DETECTION_PAUSE_MS, now)) changed = await this.#detect(now);
    else if (this.#agenda.at("detect") === undefined) {
      await this.#agenda.plan("detect", this.#detectedAt + DETECTION_PAUSE_MS);
    }
    // Objects cannot be listed: by the copy in KV this one is found when a whole store is erased.
    if (this.#kv.get("session") === undefined) await this.#save(name, this.#session());
    return { session: this.#session(), changed };
  }

  /** A pool member of older code does not say when the page was asked for. */
  async pageStored(name: ShopperName, page: StoredPage, askedAt = 0): Promise<boolean> {
    if (askedAt <= this.#erasedAt) return false;
    const before = this.#session();
    if (before.page?.job_id === page.job_id && before.page.generated_at === page.generated_at) return true;
    await this.#save(name, { ...before, page });
    const last = this.#outbox.last();
    if (last?.type !== "generation_progress" || last.data.status !== "complete") {
      await this.#tell({ type: "generation_progress", data: { status: "complete", progress_percent: 100 } });
    }
    await this.#tell(readyEvent(page));
    return true;
  }

  async knownSince(): Promise<number | undefined> {
    return this.#kv.get<number>("since");
  }

  async session(): Promise<Session> {
    return this.#session();
  }

  async events(): Promise<Fact[]> {
    return this.#behaviour.all();
  }

  async progress(_name: ShopperName, { status, progress_percent }: GenerationProgress): Promise<void> {
    await this.#tell({ type: "generation_progress", data: { status, progress_percent } });
  }

  async failed(_name: ShopperName, { code, message }: { code: FaultCode; message: string }): Promise<void> {
    await this.#tell({ type: "error", data: { code, message } });
  }

  async consent(name: ShopperName): Promise<Session> {
    const session: Session = { ...this.#session(), consent: "granted" };
    await this.#save(name, session);
    return session;
  }

  async erase({ store, shopper }: ShopperName): Promise<StoredPage | null> {
    this.#sockets.closeAll(CLOSE.erased, "erased");
    await this.#writing.idle();
    await this.ctx.storage.deleteAlarm();
    const { page } = this.#session();
    await this.ctx.storage.deleteAll();
    forgetSession({ store, shopper }); // not before: what came meanwhile was remembered, too
    this.#detectedAt = this.#askedAt = 0;
    this.#erasedAt = Date.now(); // a job that ran until now may still tell of its page
    const notBefore = this.#writing.notBefore();
    if (notBefore !== undefined) await scheduler.wait(notBefore - Date.now());
    await this.#writing.run(() => timely(this.env.SHOPPER_SESSIONS.delete(sessionKey(store, shopper))));
    // Whoever began anew meanwhile has lost the copy.
    if (this.#kv.get("session") !== undefined) await this.#agenda.plan("publish", Date.now() + WRITE_PAUSE_MS);
    return page;
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (socket.readyState !== WebSocket.READY_STATE_OPEN) return;
    const isTooLong = bytesOf(message) > MESSAGE_BYTES;
    if (isTooLong) return socket.close(CLOSE.tooLong, `a message has up to ${MESSAGE_BYTES} bytes`);
    const verdict = this.#sockets.hear(socket, Date.now());
    if (verdict === "enough") return socket.close(CLOSE.policy, "too many messages");
    try {
      if (verdict === "refused") throw new WandError("RATE_LIMITED", "Too many messages: wait a few seconds.");
      const { type, data } = parseMessage(message);
      if (type === "ui_acknowledged") this.#outbox.acknowledge(data.persona_hash);
      else await this.#refresh(socket, data.force);
    } catch (error) {
      const { code, message: text } = toErrorBody(error).body.error;
      if (code === "INTERNAL") this.#log.error("socket_message_failed", error);
      send(socket, { type: "error", data: { code, message: text } });
    }
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    count(this.env, ignore, "sockets_closed_total", { store: attachedTo(socket).store });
    // The other side's half: codes that only stand for something (no code, broken off) cannot be sent.
    if (socket.readyState !== WebSocket.READY_STATE_CLOSED) socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    count(this.env, ignore, "sockets_closed_total", { store: attachedTo(socket).store });
  }

  override async alarm(): Promise<void> {
    await this.#agenda.work(
      Date.now(),
      (task) => this.#tasks[task](),
      (task, error) => this.#log.error("task_failed", error, { task }),
    );
  }

  /** What was put off. Each may come twice, and after what it was for has gone. */
  readonly #tasks: Readonly<Record<Task, () => Promise<void>>> = {
    detect: async () => {
      if (this.#kv.get("name") !== undefined) await this.#detect(Date.now());
    },
    ask: () => this.#ask(),
    publish: async () => {
      const notBefore = this.#writing.notBefore();
      if (notBefore === undefined) await this.#publish();
      else await this.#agenda.plan("publish", notBefore);
    },
    expire: () => this.ctx.storage.deleteAll(),
  };

  /** Works out the persona; true when another one is in effect now, and then its page is asked for. */
  async #detect(now: number): Promise<boolean> {
    this.#detectedAt = now;
    this.#agenda.drop("detect");
    const before = this.#session();
    const persona = detectPersona(signalsOf(this.#behaviour.telling()));
    const name = this.#kv.get<ShopperName>("name");
    if (name === undefined || !isMaterialChange(before.persona, persona)) return false;
    const waits = isRecent(this.#askedAt, ASK_PAUSE_MS, now);
    await this.#agenda.plan("ask", waits ? this.#askedAt + ASK_PAUSE_MS : now);
    await this.#save(name, { ...before, persona });
    return true;
  }

  /** Asks for the page of the persona in effect, unless that is the page they have. */
  async #ask(): Promise<void> {
    const name = this.#kv.get<ShopperName>("name");
    const origin = this.#kv.get<string>("origin");
    if (name === undefined || origin === undefined) return;
    const at = (this.#askedAt = Date.now());
    const session = this.#session();
    try {
      const wanted = await timely(wantedPage(this.env, name, session));
      if (wanted.variant.personaHash === session.page?.persona_hash) return;
      await timely(askFor(wanted, { shopper: name.shopper, origin, reason: "persona_changed", at }, this.#context));
    } catch (error) {
      if (!(error instanceof WandError) || error.retryable) throw error;
      this.#log.error("page_not_asked_for", error); // the store is gone
    }
  }

  async #refresh(socket: WebSocket, force: boolean): Promise<void> {
    const { store, shopper, origin } = attachedTo(socket);
    const at = Date.now();
    const session = this.#session();
    const wanted = await timely(wantedPage(this.env, { store, shopper }, session));
    if (socket.readyState !== WebSocket.READY_STATE_OPEN) return; // erased meanwhile, or gone
    if (!force && wanted.fresh && session.page !== null) return send(socket, readyEvent(session.page));
    const now = Date.now();
    const pause = force ? FORCED_PAUSE_MS : REFRESH_PAUSE_MS;
    if (isRecent(this.#kv.get<number>("refreshed_at") ?? 0, pause, now)) {
      throw new WandError("RATE_LIMITED", `A page may be asked for once in ${pause / 1000} seconds.`);
    }
    this.#kv.put("refreshed_at", now);
    await this.#live(now);
    const accepted = await timely(askFor(wanted, { shopper, origin, reason: "refresh", at }, this.#context));
    if (accepted === undefined) throw new WandError("QUEUE_FULL", "Too many pages are being made: try again later.");
  }

  /** Tells open sockets, and those that come back. Of what was erased nothing is kept. */
  async #tell(event: ServerEvent): Promise<void> {
    const now = Date.now();
    const keeps = event.type === "ui_ready" || now - this.#erasedAt > ERASURE_REMEMBERED_MS;
    this.#sockets.tell(keeps ? { ...event, seq: this.#outbox.add(event, now).seq } : event);
    if (keeps) await this.#live(now);
  }

  get #kv(): SyncKvStorage {
    return this.ctx.storage.kv;
  }

  get #context() {
    return { env: this.env, log: this.#log, waitUntil: ignore };
  }

  #session(): Session {
    return this.#kv.get<Session>("session") ?? { version: 1, persona: UNKNOWN_PERSONA, page: null };
  }

  #know(name: ShopperName): void {
    if (this.#kv.get("name") !== undefined) return;
    this.#kv.put("name", name);
    this.#kv.put("since", Date.now());
  }

  /** The shopper was here: they are remembered for another while. Written once a day. */
  async #live(now: number): Promise<void> {
    const until = now + SESSION_DAYS * DAY_MS;
    if ((this.#agenda.at("expire") ?? 0) < until - DAY_MS) await this.#agenda.plan("expire", until);
  }

  async #save(name: ShopperName, session: Session): Promise<void> {
    const now = Date.now();
    this.#know(name);
    this.#kv.put("session", session);
    rememberSession(name, session, now); // pages that this isolate serves need not wait for KV
    await this.#live(now);
    const notBefore = this.#writing.notBefore();
    if (notBefore !== undefined) return this.#agenda.plan("publish", notBefore);
    await this.#publish().catch(async (error: unknown) => {
      this.#log.error("session_not_published", error);
      await this.#agenda.plan("publish", Date.now() + WRITE_PAUSE_MS);
    });
  }

  /** Writes the session's copy in KV, where pages read it. */
  async #publish(): Promise<void> {
    const name = this.#kv.get<ShopperName>("name");
    if (name === undefined) return;
    const text = JSON.stringify(this.#session());
    const key = sessionKey(name.store, name.shopper);
    const options = { expirationTtl: (SESSION_DAYS * DAY_MS) / 1000 };
    await this.#writing.run(() => timely(this.env.SHOPPER_SESSIONS.put(key, text, options)));
    if (JSON.stringify(this.#session()) === text) this.#agenda.drop("publish");
  }
}

/** An object lives as long as its work does. */
const ignore = (): void => undefined;

const readyEvent = ({ persona_hash, generated_at }: StoredPage): ServerEvent => ({
  type: "ui_ready",
  data: { persona_hash, generated_at },
});

const bytesOf = (message: string | ArrayBuffer): number =>
  typeof message === "string" ? new TextEncoder().encode(message).byteLength : message.byteLength;

/** The result of work that others do. Throws when they take too long. */
async function timely<Result>(work: Promise<Result>): Promise<Result> {
  const LATE = Symbol("late");
  const result = await within<Result, typeof LATE>(DEADLINE_MS, work, LATE);
  if (result === LATE) throw new Error(`There was no answer within ${DEADLINE_MS / 1000} s.`);
  return result as Result;
}
