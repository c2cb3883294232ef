import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { STORE_SORTS, type StoreSummary } from "../../../../automation-api/contract/store.ts";
import { Ago } from "../../components/ago.tsx";
import { NameCell, PlanCell, StatusCell, VisitCell } from "./store-cells.tsx";
import styles from "./stores.module.css";

export type Sort = (typeof STORE_SORTS)[number];

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const helper = createColumnHelper<typeof features, StoreSummary>();

/** Ids are the service's own names of what can be sorted by. */
const columns = helper.columns([
  helper.accessor("name", { header: "Store", cell: ({ row }) => <NameCell store={row.original} /> }),
  helper.accessor("status", { header: "Status", cell: ({ row }) => <StatusCell store={row.original} /> }),
  helper.accessor("plan", {
    header: "Engine and plan",
    enableSorting: false,
    cell: ({ row }) => <PlanCell store={row.original} />,
  }),
  helper.accessor("createdAt", {
    header: "Created",
    cell: ({ getValue }) => (
      <span className={styles.dim}>
        <Ago at={getValue()} />
      </span>
    ),
  }),
  helper.accessor("url", {
    header: "Storefront",
    enableSorting: false,
    cell: ({ row }) => <VisitCell store={row.original} />,
  }),
]);

interface StoresTableProps {
  stores: StoreSummary[];
  sort: Sort;
  onSort: (sort: Sort) => void;
}

export function StoresTable({ stores, sort, onSort }: StoresTableProps) {
  const sorting: SortingState = [{ id: sort.replace(/^-/, ""), desc: sort.startsWith("-") }];
  const table = useTable({
    features,
    columns,
    data: stores,
    state: { sorting },
    // The service sorts: the pages that are not here yet belong to the order too.
    manualSorting: true,
    enableSortingRemoval: false,
    getRowId: ({ name }) => name,
    onSortingChange: (change) => {
      const [first] = typeof change === "function" ? change(sorting) : change;
      const next = STORE_SORTS.find((known) => known === `${first?.desc ? "-" : ""}${first?.id}`);
      if (next !== undefined) onSort(next);
    },
  });
  return (
    <table className={styles.table} aria-label="Stores">
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <HeaderCell
                key={header.id}
                title={<table.FlexRender header={header} />}
                sorted={header.column.getCanSort() ? header.column.getIsSorted() : undefined}
                onSort={() => header.column.toggleSorting()}
              />
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} className={styles.row}>
            {row.getAllCells().map((cell) => (
              <td key={cell.id}>
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface HeaderCellProps {
  title: React.ReactNode;
  /** `undefined`: cannot be sorted by. */
  sorted: false | "asc" | "desc" | undefined;
  onSort: () => void;
}

function HeaderCell({ title, sorted, onSort }: HeaderCellProps) {
  if (sorted === undefined) return <th scope="col">{title}</th>;
  const Arrow = sorted === false ? IconArrowsSort : sorted === "asc" ? IconArrowUp : IconArrowDown;
  const order = sorted === false ? "none" : sorted === "asc" ? "ascending" : "descending";
  return (
    <th scope="col" aria-sort={order}>
      <button type="button" className={styles.sort} onClick={onSort}>
        {title}
        <Arrow size={14} aria-hidden />
      </button>
    </th>
  );
}
