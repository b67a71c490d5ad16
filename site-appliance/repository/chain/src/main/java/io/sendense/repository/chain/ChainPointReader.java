package io.sendense.repository.chain;

import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.StoredDisk;
import java.util.ArrayList;
import java.util.List;

/** A point's disks, each open through its whole chain. */
final class ChainPointReader implements PointReader {
  private final RestorePoint point;
  private final List<ChainDisk> disks = new ArrayList<>();

  private ChainPointReader(RestorePoint point) {
    this.point = point;
  }

  static ChainPointReader open(ChainFolder folder, PointFile file) {
    ChainPointReader reader = new ChainPointReader(file.point());
    try {
      for (int i = 0; i < file.disks().size(); i++) {
        Layers layers = Layers.open(folder.path(file.disks().get(i).file()));
        reader.disks.add(new ChainDisk(reader.point.disks().get(i), layers));
      }
      return reader;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
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
    disks.forEach(disk -> disk.layers().close());
  }
}
