import { IconCompass } from "@tabler/icons-react";
import { Empty } from "../../components/faces.tsx";
import { ButtonLink } from "../../components/links.tsx";
import { PageHeader } from "../../components/page-header.tsx";

export function NotFoundPage() {
  return (
    <>
      <PageHeader title="Page not found" />
      <Empty
        icon={IconCompass}
        title="Nothing lives at this address"
        action={<ButtonLink to="/stores">Show the stores</ButtonLink>}
      >
        The link may be old, or a letter got lost on the way.
      </Empty>
    </>
  );
}
