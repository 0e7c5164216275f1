import { html, scriptJson, trusted, webUrl } from "../../../runtime/page/html";

describe("html", () => {
  it("escapes what could end a text or an attribute in quotes", () => {
    expect(html`<p title="${`"'\``}">${"<b>&amp;</b>"}</p>`.value).toBe(
      '<p title="&quot;&#39;&#96;">&lt;b&gt;&amp;amp;&lt;/b&gt;</p>',
    );
  });

  it("writes lists, numbers and markup as they are and nothing for what is absent", () => {
    expect(html`${[1, html`<b>x</b>`, trusted("<i></i>")]}${undefined}${null}${false}${""}`.value).toBe(
      "1<b>x</b><i></i>",
    );
  });

  it("drops characters that no document may hold, and halves of surrogate pairs", () => {
    expect(html`${"a\u0000b\u001b[1m\ud800c\u{1fa84}\n"}`.value).toBe("ab[1mc\u{1fa84}\n");
  });

  it("joins the lines of a template by one space, not those of a value", () => {
    const lines = Object.assign(["<p>\n      ", "\n    </p>"], { raw: [] });
    expect(html(lines, "a\n  b").value).toBe("<p> a\n  b </p>");
  });
});

describe("webUrl", () => {
  it("keeps http and https addresses", () => {
    expect(webUrl("https://shop.example/a?b=1&c=2")).toBe("https://shop.example/a?b=1&c=2");
    expect(webUrl("http://127.0.0.1:8787/x")).toBe("http://127.0.0.1:8787/x");
  });

  it.each([
    "javascript:alert(1)",
    " jaVa\nscript:alert(1)",
    "data:text/html,x",
    "//shop.example",
    "mailto:a@b.c",
    "",
    "http://",
  ])("refuses %j", (value) => {
    expect(webUrl(value)).toBeUndefined();
  });
});

describe("scriptJson", () => {
  it("gives JSON that reads back the same and cannot end a script element", () => {
    const value = { a: "</script><!--<script>\u2028&" };
    expect(scriptJson(value).value).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(scriptJson(value).value)).toEqual(value);
  });
});
