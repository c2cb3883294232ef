import { expect, test } from "vitest";
import { chooseClasses } from "../../../toolchain/cluster/context-cluster.ts";

const classOf = (name: string, provisioner: string, isDefault = false) => ({
  provisioner,
  metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
});

test("volumes that several nodes can mount are taken from a class whose provisioner is known to make them", () => {
  const disks = classOf("gp3", "ebs.csi.aws.com", true);

  expect(chooseClasses([disks])).toEqual({ storageClass: "gp3", sharedStorageClass: "" });
  expect(chooseClasses([disks, classOf("efs", "efs.csi.aws.com")])).toEqual({
    storageClass: "gp3",
    sharedStorageClass: "efs",
  });
  expect(
    chooseClasses([classOf("nfs", "nfs.csi.k8s.io"), classOf("rook", "rook-ceph.cephfs.csi.ceph.com", true)]),
  ).toEqual({
    storageClass: "rook",
    sharedStorageClass: "rook",
  });
});

test("no class is taken where there is none", () => {
  expect(chooseClasses([])).toEqual({ storageClass: "", sharedStorageClass: "" });
});
