import type Cloudflare from "cloudflare";
import { orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

type Domain = Cloudflare.Workers.DomainUpdateResponse;

interface Inputs {
  accountId: string;
  hostname: string;
  /** Name of the Worker. */
  service: string;
  environment?: string;
  zoneId?: string;
  zoneName?: string;
}

/** cloudflare:index/workersCustomDomain:WorkersCustomDomain. Attaching is the same call for new and old. */
export function workersCustomDomain(client: () => Cloudflare): Handler {
  const outputs = (inputs: Inputs, domain: Domain) => ({
    ...inputs,
    environment: domain.environment,
    zoneId: domain.zone_id,
    zoneName: domain.zone_name,
    certId: domain.cert_id,
  });
  const attach = async (inputs: Inputs): Promise<Domain> => {
    const { accountId, hostname, service, zoneId, zoneName } = inputs;
    return client().workers.domains.update({
      account_id: accountId,
      hostname,
      service,
      ...(zoneId === undefined ? {} : { zone_id: zoneId }),
      ...(zoneName === undefined ? {} : { zone_name: zoneName }),
    });
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "hostname", "environment", "zoneId", "zoneName"],
    stableOutputs: ["environment", "zoneId", "zoneName", "certId"],
    naturalKey: ({ accountId, hostname }) => `${accountId}/${hostname}`,
    async create(inputs) {
      const domain = await attach(inputs);
      return { id: domain.id, outputs: outputs(inputs, domain) };
    },
    async read({ id, inputs }) {
      const live = await orGone(client().workers.domains.get(id, { account_id: inputs.accountId }));
      return live && { hostname: live.hostname, service: live.service, zoneId: live.zone_id, zoneName: live.zone_name };
    },
    async update(_old, inputs) {
      return outputs(inputs, await attach(inputs));
    },
    async delete({ id, inputs }) {
      await unlessGone(client().workers.domains.delete(id, { account_id: inputs.accountId }));
    },
  });
}
