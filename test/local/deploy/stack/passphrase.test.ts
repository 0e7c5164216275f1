import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassphraseBox, passphraseOf } from "../../../../local/deploy/stack/passphrase";

// Made by the Pulumi CLI itself: from its own tests (pkg/secrets/passphrase/manager_test.go, tests/roundtrip).
const PASSWORD_SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";
const ROUNDTRIP_SALT = "v1:ThS5UPxP9qc=:v1:UZYAXF+ylaJ0rGhv:9OTvBnOEDFgxs7btjzSu+LZ470vLpg==";
const ROUNDTRIP_SECRET = "v1:T1ftqhY0hqr+EJK6:+jvd5PMecFx80tcavzuZY4tLatgIfoe/xR72GA==";

describe("the secrets of a stack file", () => {
  it("are opened as the Pulumi CLI sealed them", () => {
    const box = PassphraseBox.of("TestConfigRoundtripComments", ROUNDTRIP_SALT);
    expect(box.open(ROUNDTRIP_SECRET)).toBe("secret-value");
    expect(PassphraseBox.of("password", PASSWORD_SALT).salt).toBe(PASSWORD_SALT);
  });

  it("are not opened with another passphrase, another salt or a changed text", () => {
    expect(() => PassphraseBox.of("password123", PASSWORD_SALT)).toThrow(/the passphrase is not the one/);
    expect(() => PassphraseBox.of("password", ROUNDTRIP_SALT)).toThrow(/the passphrase is not the one/);
    expect(() => PassphraseBox.of("password", PASSWORD_SALT.slice(3))).toThrow(/not in a form/);
    const box = PassphraseBox.of("password", PASSWORD_SALT);
    for (const bad of [ROUNDTRIP_SECRET, "", "v1:a:b", "v2:T1ftqhY0hqr+EJK6:+jvd"])
      expect(() => box.open(bad)).toThrow(/cannot be opened/);
  });

  it("are sealed anew each time, in the CLI's form, and open with what the file then says", () => {
    const box = PassphraseBox.fresh("");
    expect(box.salt).toMatch(/^v1:[A-Za-z0-9+/]{11}=:v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/=]{32}$/);
    const [one, two] = [box.seal("ünder wraps"), box.seal("ünder wraps")];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/=]+$/);
    const again = PassphraseBox.of("", box.salt);
    expect([again.open(one), again.open(two)]).toEqual(["ünder wraps", "ünder wraps"]);
  });
});

describe("the passphrase", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "wand-pass-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("comes from the environment, or from a file that it names, or is not there", () => {
    const file = path.join(folder, "phrase");
    writeFileSync(file, "from a file\n");
    expect(passphraseOf({ PULUMI_CONFIG_PASSPHRASE: "p", PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("p");
    expect(passphraseOf({ PULUMI_CONFIG_PASSPHRASE: "" })).toBe("");
    expect(passphraseOf({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("from a file");
    expect(passphraseOf({ PULUMI_CONFIG_PASSPHRASE_FILE: "" })).toBeUndefined();
    expect(() => passphraseOf({ PULUMI_CONFIG_PASSPHRASE_FILE: `${file}x` })).toThrow(/cannot be read/);
  });
});
