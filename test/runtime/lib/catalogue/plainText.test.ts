import { plainText } from "../../../../runtime/lib/catalogue/plainText";

describe("plainText", () => {
  it.each([
    ["plain words", "plain words"],
    ["  one\n two\t three ", "one two three"],
    ["<p>One</p><p>Two</p>", "One\nTwo"],
    ["<p>One</p>\n\n<p>  Two  </p>", "One\nTwo"],
    ["One<br>Two<br/><br/>Three", "One\nTwo\nThree"],
    ["<ul><li>a</li><li>b</li></ul>after", "a\nb\nafter"],
    ["<b>bo</b>ld and <i>it</i>alic", "bold and italic"],
    ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"],
    ["Fish &amp; chips &lt;hot&gt; &eacute;&nbsp;&#8364;5", "Fish & chips <hot> é €5"],
    ["5 < 6 & 7 > 2", "5 < 6 & 7 > 2"],
    ["a<script>alert(1)</script><style>p{}</style><!-- no -->b", "ab"],
    ["<p>unclosed <b>tags", "unclosed tags"],
    ["<template><p>x</p></template><noscript>y</noscript><svg><title>z</title></svg>kept", "kept"],
    ["bell\u0007 and\u0000 null", "bell and null"],
    ["", ""],
  ])("reduces %j to %j", (html, text) => {
    expect(plainText(html)).toBe(text);
  });

  it("is not ended by markup nested very deep", () => {
    expect(plainText(`${"<div>".repeat(20_000)}deep`)).toBe("deep");
  });
});
