import { image, layer, push, registry } from "../../../local/cloud/images";
import type { TestCloud } from "../../../local/cloud/support";
import type { Subject } from "./subject";
import { namespacesIn, newVersion, newWorker } from "./workers";

const newImage = async (test: TestCloud, name: string, tag: string): Promise<string> =>
  push(test.cloud, name, image([await layer({ "app/index.js": name })], { Cmd: ["node", "app/index.js"] }), tag);

export const containerApplication: Subject = {
  type: "ContainerApplication",
  async prepare(test, name) {
    const { accountId } = test;
    await newVersion(test, await newWorker(test, name), { containers: [{ class_name: "Thing" }] });
    const namespaceId = (await namespacesIn(test)).find(({ script }) => script === name)?.id ?? "";
    const inputs = {
      accountId,
      name,
      namespaceId,
      image: await newImage(test, name, "one"),
      instanceType: "lite",
      maxInstances: 2,
    };
    const applications = `/accounts/${accountId}/containers/applications`;
    return {
      inputs,
      bad: [
        [{ maxInstances: 0 }, "maxInstances"],
        [{ instanceType: "huge" }, "instanceType"],
        [{ name: "" }, "name"],
      ],
      change: { inputs: { ...inputs, maxInstances: 3 }, paths: ["maxInstances"] },
      replacement: { inputs: { ...inputs, name: "another" }, paths: ["name"] },
      stable: ["applicationId"],
      importId: (id) => `${accountId}/${id}`,
      async count() {
        const { body } = await test.api("GET", `${applications}?name=${name}`);
        return (body.result as unknown[]).length;
      },
      remove: async (id) => void (await test.api("DELETE", `${applications}/${id}`)),
    };
  },
};

/** The image is in the registry already: pushing takes a Docker engine, and is tested with one of our own. */
export const registryImage: Subject = {
  type: "RegistryImage",
  async prepare(test, repository) {
    const { accountId } = test;
    await newImage(test, repository, "one");
    await newImage(test, repository, "two");
    const inputs = { accountId, repository, tag: "one", localImage: `${repository}:one` };
    const manifests = `/v2/${accountId}/${repository}/manifests`;
    return {
      inputs,
      bad: [
        [{ repository: "Not A Name" }, "repository"],
        [{ tag: "" }, "tag"],
      ],
      change: { inputs: { ...inputs, tag: "two" }, paths: ["tag"] },
      replacement: { inputs: { ...inputs, repository: "another" }, paths: ["repository"] },
      importId: () => `${accountId}/${repository}:one`,
      count: async () => Number((await registry(test.cloud, "GET", `${manifests}/one`)).ok),
      staysAfterDelete: true,
    };
  },
};
