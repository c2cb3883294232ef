import { describe, expect, it } from "vitest";
import { jsonSchemas, type OpenApi, type Schema } from "./json-schemas.ts";

const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const text: Schema = { type: "string" };

/** The schemas of a server with one kind, `Thing`, and the definitions given. */
function schemasOf(thing: Schema, others: OpenApi["definitions"] = {}, group = "", version = "v1") {
  const kinds = [{ group, version, kind: "Thing" }];
  return jsonSchemas({ definitions: { Thing: { ...thing, "x-kubernetes-group-version-kind": kinds }, ...others } });
}

/** What became of the definition `Thing`. */
const converted = (thing: Schema, others?: OpenApi["definitions"]) =>
  schemasOf(thing, others).get("thing-v1.json")?.definitions?.Thing;

describe("the schemas of an API server", () => {
  it.each([
    ["", "v1", "thing-v1.json"],
    ["apps", "v1", "thing-apps-v1.json"],
    ["networking.k8s.io", "v1beta1", "thing-networking-v1beta1.json"],
  ])("are named as kubeconform asks for them: group %j, version %s", (group, version, name) => {
    expect([...schemasOf({ type: "object" }, {}, group, version).keys()]).toEqual([name]);
  });

  it("hold what they refer to, however deep, and nothing else", () => {
    const thing = { type: "object", properties: { list: { type: "array", items: ref("Item") } } };
    const item = { type: "object", properties: { labels: { type: "object", additionalProperties: ref("Label") } } };

    const schema = schemasOf(thing, { Item: item, Label: text, Unrelated: text }).get("thing-v1.json");

    expect(schema).toMatchObject(ref("Thing"));
    expect(Object.keys(schema?.definitions ?? {})).toEqual(["Thing", "Item", "Label"]);
  });

  it("may refer to themselves", () => {
    const schema = schemasOf({ type: "object", properties: { inner: ref("Thing") } }).get("thing-v1.json");

    expect(Object.keys(schema?.definitions ?? {})).toEqual(["Thing"]);
  });

  it("say so when the server refers to what it does not define", () => {
    expect(() => schemasOf({ properties: { gone: ref("Gone") } })).toThrow("refers to Gone but does not define it");
  });

  it("refuse unknown fields at every depth", () => {
    const closed = { type: "object", properties: { a: text } };

    expect(
      converted({
        type: "object",
        properties: { one: closed, many: { type: "array", items: closed } },
      }),
    ).toMatchObject({
      additionalProperties: false,
      properties: { one: { additionalProperties: false }, many: { items: { additionalProperties: false } } },
    });
  });

  it("leave maps and free objects open, and refuse unknown fields inside a map's values", () => {
    const map = { type: "object", additionalProperties: { type: "object", properties: { a: text } } };
    const keeps = { type: "object", properties: { a: text }, "x-kubernetes-preserve-unknown-fields": true };
    const properties = { free: { type: "object" }, labels: { type: "object", additionalProperties: text }, map, keeps };

    const result = converted({ type: "object", properties })?.properties;

    expect(result).toMatchObject({ free: properties.free, labels: properties.labels, keeps });
    expect(result?.map).toMatchObject({ additionalProperties: { additionalProperties: false } });
    expect(result?.keeps).not.toHaveProperty("additionalProperties");
  });

  it("take names of fields for names, even where they are a schema's own words", () => {
    const properties = { $ref: text, items: text, properties: text, format: text, additionalProperties: text };

    expect(converted({ type: "object", properties })?.properties).toEqual(properties);
  });

  it("take text and numbers for ports and amounts", () => {
    const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    const port = { type: "string", format: "int-or-string" };

    const schema = schemasOf({ properties: { port, memory: ref(quantity) } }, { [quantity]: text });

    const { Thing, [quantity]: amount } = schema.get("thing-v1.json")?.definitions ?? {};
    expect(Thing?.properties?.port?.oneOf).toEqual([{ type: "string" }, { type: "integer" }]);
    expect(amount?.oneOf).toEqual([{ type: "string" }, { type: "number" }]);
  });
});
