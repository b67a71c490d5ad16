package io.sendense.repository.format;

import java.util.ArrayList;
import java.util.List;

/** The one implementation of {@link PointReader}, which says what it promises. */
final class SealedPointReader implements PointReader {
  private final RestorePoint point;
  private final List<SealedDisk> disks = new ArrayList<>();
  private final ChunkCache cache;

  SealedPointReader(PointObject object, BlobSource blobs) {
    point = object.point();
    cache = new ChunkCache(blobs);
    for (int i = 0; i < point.disks().size(); i++) {
      PointDisk disk = point.disks().get(i);
      disks.add(new SealedDisk(point.id(), disk, object.tops().get(i), blobs, cache));
    }
  }

  @Override
  public RestorePoint point() {
    return point;
  }

  @Override
  public StoredDisk disk(int disk) {
    return disks.get(disk);
  }

  @Override
  public void close() {
    cache.clear();
  }
}
