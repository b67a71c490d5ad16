package io.sendense.repository.remote;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;

/**
 * What one peer sees of one repository.
 *
 * @param offered what the store can do, less what the rights withhold
 */
record Session(String repository, ObjectStore store, Rights rights, StoreCapabilities offered) {
  static Session of(Grant grant, long objectBytesMax) {
    return new Session(
        grant.repository(),
        grant.store(),
        grant.rights(),
        grant.rights().narrow(grant.store().capabilities(), objectBytesMax));
  }

  void require(Right right, String what) {
    if (!rights.has(right)) {
      throw refused(what);
    }
  }

  void requireDelete(ObjectName name) {
    if (!rights.mayDelete(name)) {
      throw refused("delete " + name);
    }
  }

  void requireRoom(ObjectName name, long length) {
    if (length > offered.objectBytesMax()) {
      throw StoreFailure.badRange(repository, name, 0, length, offered.objectBytesMax());
    }
  }

  /** For the peer: without the place of the store behind. */
  Message.Failed failed(SendenseException why) {
    String what = String.valueOf(why.getMessage()).replace(store.describe(), repository);
    return new Message.Failed(why.code().number(), what, why.remedy());
  }

  private SendenseException refused(String what) {
    return new SendenseException(
        ErrorCode.FORBIDDEN,
        "this appliance may not " + what + " in repository " + repository,
        "Ask whoever runs the receiving appliance for the right, if you should have it.");
  }
}
