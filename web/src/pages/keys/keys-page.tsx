import { PageHeader } from "../../components/page-header.tsx";
import { KeysCard } from "./keys-card.tsx";

/** What programs of somebody are known by. */
export function KeysPage() {
  return (
    <>
      <PageHeader title="API keys" note="What programs of yours are known by." />
      <KeysCard />
    </>
  );
}
