import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failed, Loading } from "./faces.tsx";

interface AnswerProps<Data> {
  query: Pick<UseQueryResult<Data>, "data" | "error" | "isPending" | "isFetching" | "refetch">;
  /** What is coming, such as "the members". */
  what: string;
  children: (data: Data) => ReactNode;
}

/** What was asked for, or that it is loading, or why it could not be. */
export function Answer<Data>({ query, what, children }: AnswerProps<Data>) {
  const { data, error, isPending, isFetching, refetch } = query;
  if (data !== undefined) return children(data);
  if (isPending) return <Loading what={what} lines={3} height={40} />;
  const title = `${what.charAt(0).toUpperCase()}${what.slice(1)} could not be loaded`;
  return <Failed title={title} error={error} onRetry={refetch} retrying={isFetching} />;
}
