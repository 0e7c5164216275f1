import { WandError } from "../../../../runtime/contract/errors";
import { Allowance } from "../../../../runtime/worker/shopper/allowance";
import { parseMessage } from "../../../../runtime/worker/shopper/clientMessage";

const HASH = "v2_minimalist_85_abc12345";

describe("a client's message", () => {
  it.each([
    { type: "request_refresh", data: { force: false } },
    { type: "request_refresh", data: { force: true } },
    { type: "ui_acknowledged", data: { persona_hash: HASH } },
  ])("is taken as the contract has it: %j", (event) => {
    expect(parseMessage(JSON.stringify(event))).toEqual(event);
  });

  it.each([
    ["no JSON", "{", "message"],
    ["empty", "", "message"],
    ["binary", new ArrayBuffer(3), "message"],
    ["a list", "[]", "message"],
    ["without a type", "{}", "type"],
    ["of a type that only we send", '{"type":"ui_ready","data":{}}', "type"],
    ["without data", '{"type":"request_refresh"}', "data"],
    ["without force", '{"type":"request_refresh","data":{}}', "data.force"],
    ["with a word for force", '{"type":"request_refresh","data":{"force":"yes"}}', "data.force"],
    ["without a hash", '{"type":"ui_acknowledged","data":{}}', "data.persona_hash"],
    ["with what is no hash", '{"type":"ui_acknowledged","data":{"persona_hash":"v2_x"}}', "data.persona_hash"],
  ])("that is %s is refused by the name of the field", (_what, message, field) => {
    let refused: unknown;
    try {
      parseMessage(message);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(WandError);
    expect(refused).toMatchObject({ code: "BAD_REQUEST", field });
    expect((refused as WandError).message.startsWith(`${field}: `)).toBe(true);
  });
});

describe("what a connection may say", () => {
  it("is twenty messages at once and two a second after that", () => {
    const allowance = new Allowance(0);
    const verdicts = Array.from({ length: 22 }, () => allowance.take(0));
    expect(verdicts.filter((verdict) => verdict === "taken")).toHaveLength(20);
    expect(verdicts.at(-1)).toBe("refused");
    expect(allowance.take(499)).toBe("refused");
    expect(allowance.take(500)).toBe("taken");
    expect(allowance.take(501)).toBe("refused");
    expect(allowance.take(60_000)).toBe("taken");
  });

  it("is no less after the clock was set back", () => {
    const allowance = new Allowance(3_600_000);
    expect(Array.from({ length: 20 }, () => allowance.take(0)).every((verdict) => verdict === "taken")).toBe(true);
    expect(allowance.take(500)).toBe("taken");
  });

  it("ends for one that goes on all the same", () => {
    const allowance = new Allowance(0);
    const verdicts = Array.from({ length: 61 }, () => allowance.take(0));
    expect(verdicts.at(-2)).toBe("refused");
    expect(verdicts.at(-1)).toBe("enough");
  });
});
