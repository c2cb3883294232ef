import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import { Background, Controls, type Edge, MarkerType, type Node, Position, ReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import type { StackResource } from "../../../../automation-api/contract/store.ts";
import styles from "./resource-graph.module.css";
import { edgesOf, kindOf, placesOf } from "./resources.ts";

/** Pixels from one node to the next. */
const ACROSS = 208;
const DOWN = 72;

export function ResourceGraph({ resources }: { resources: readonly StackResource[] }) {
  const scheme = useComputedColorScheme("light");
  const nodes = useMemo(() => nodesOf(resources), [resources]);
  const edges = useMemo(() => linesOf(resources), [resources]);
  return (
    <div className={styles.graph}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        colorMode={scheme}
        fitView
        fitViewOptions={{ padding: 0.06 }}
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        aria-label="Graph of the stack's resources. The list holds the same."
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function nodesOf(resources: readonly StackResource[]): Node[] {
  const places = placesOf(resources);
  return resources.map(({ urn, name, type }) => {
    const { column, row } = places.get(urn) ?? { column: 0, row: 0 };
    return {
      id: urn,
      position: { x: column * ACROSS, y: row * DOWN },
      sourcePosition: Position.Right,
      targetPosition: Position.Left,
      className: styles.node ?? "",
      ariaLabel: `${name}, ${kindOf(type)}`,
      data: {
        label: (
          <>
            <span className={styles.name}>{name}</span>
            <span className={styles.kind}>{kindOf(type)}</span>
          </>
        ),
      },
    };
  });
}

function linesOf(resources: readonly StackResource[]): Edge[] {
  return edgesOf(resources).map(({ from, to, kind }) => ({
    id: `${kind} ${from} ${to}`,
    source: from,
    target: to,
    className: (kind === "parent" ? styles.parent : styles.needs) ?? "",
    ...(kind === "needs" ? { markerEnd: { type: MarkerType.ArrowClosed } } : {}),
  }));
}
