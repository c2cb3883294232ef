import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../api/settings.ts";
import { Answer } from "../../components/answer.tsx";
import { Card } from "../../components/card.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import styles from "../../components/rows.module.css";
import { EverybodyCard } from "./everybody-card.tsx";
import { FindingsCard } from "./findings-card.tsx";
import { SettingsForm } from "./settings-form.tsx";

/** What administrators set for everybody. */
export function SettingsPage() {
  const query = useQuery(settingsQuery);
  return (
    <>
      <PageHeader title="Settings" note="For everybody; only administrators of the platform see this page." />
      <div className={styles.stack}>
        <Card title="People, limits and plans">
          <Answer query={query} what="the settings">
            {({ settings, tag }) => <SettingsForm key={tag} settings={settings} tag={tag} />}
          </Answer>
        </Card>
        <FindingsCard />
        <EverybodyCard />
      </div>
    </>
  );
}
