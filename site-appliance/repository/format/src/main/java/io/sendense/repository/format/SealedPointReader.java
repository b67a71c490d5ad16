package io.sendense.repository.format;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The one implementation of {@link PointReader}, which says what it promises. */
final class SealedPointReader implements PointReader {
  private final RestorePoint point;
  private final List<SealedDisk> disks = new ArrayList<>();
  private final ChunkCache cache;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param cache of all readers of the repository
   */
  SealedPointReader(PointObject object, BlobSource blobs, ChunkCache cache) {
    point = object.point();
    this.cache = cache;
    cache.join();
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
    if (!closed.getAndSet(true)) {
      cache.part();
    }
  }
}
