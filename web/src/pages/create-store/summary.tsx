import { Button } from "@mantine/core";
import type { Platform } from "../../../../automation-api/contract/platform.ts";
import { ServiceAway, sentenceOf } from "../../api/errors.ts";
import { Card } from "../../components/card.tsx";
import { engineTitle, planTitles } from "../../components/words.ts";
import { Costs } from "./choices.tsx";
import styles from "./create-store.module.css";
import type { FormValues } from "./form.ts";

interface SummaryProps {
  values: FormValues;
  platform: Platform;
  pending: boolean;
  /** What the service said that is about no field. */
  error: unknown;
}

export function Summary({ values, platform, pending, error }: SummaryProps) {
  const engine = platform.engines.find((known) => known.engine === values.engine);
  const cost = engine?.plans.find((known) => known.plan === values.plan);
  return (
    <div className={styles.summary}>
      <Card title="Your store">
        <div className={styles.stack}>
          <div>
            <p className={styles.label}>Address</p>
            <p className={styles.address}>{addressOf(values, platform)}</p>
          </div>
          {cost !== undefined && engine !== undefined && (
            <div>
              <p className={styles.label}>
                {engineTitle(platform, engine.engine)} · {planTitles[cost.plan]}
              </p>
              <Costs cost={cost} />
            </div>
          )}
          {error !== undefined && (
            <p className={styles.problem} role="alert">
              {sentenceOf(error)} {error instanceof ServiceAway && "What you typed is kept; send it again in a moment."}
            </p>
          )}
          <Button type="submit" size="md" fullWidth loading={pending}>
            Create store
          </Button>
          <p className={styles.hint}>You can watch it come up, and cancel at any time.</p>
        </div>
      </Card>
    </div>
  );
}

/** Where the store will answer. */
export function addressOf(
  { name, domain, cluster }: Pick<FormValues, "name" | "domain" | "cluster">,
  platform: Platform,
): string {
  const there = platform.clusters.find((known) => known.name === cluster) ?? platform;
  const address = there.addressTemplate.replace("{name}", name === "" ? "your-store" : name);
  const host = domain.trim();
  if (host === "") return address;
  return address.replace(/^(https?:\/\/)[^/:]+/, `$1${host}`);
}
