import { IconBox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { platformQuery } from "../../api/platform.ts";
import { Card } from "../../components/card.tsx";
import { Empty, Failed, Loading } from "../../components/faces.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { CreateStoreForm } from "./create-store-form.tsx";

export function CreateStorePage() {
  const { data, error, isPending, isFetching, refetch } = useQuery(platformQuery);
  return (
    <>
      <PageHeader
        title="Create a store"
        note="A minute from now it sells. Everything but the name can stay as it is."
      />
      {isPending && <Loading what="the choices" lines={3} height={160} />}
      {data === undefined && error !== null && (
        <Failed title="The choices could not be loaded" error={error} onRetry={refetch} retrying={isFetching} />
      )}
      {data?.engines.length === 0 && (
        <Card title="Engines">
          <Empty icon={IconBox} title="No engine is installed">
            The service offers no shop software to create a store with. Look at its log.
          </Empty>
        </Card>
      )}
      {data !== undefined && data.engines.length > 0 && <CreateStoreForm platform={data} />}
    </>
  );
}
