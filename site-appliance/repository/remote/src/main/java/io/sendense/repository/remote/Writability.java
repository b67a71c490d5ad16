package io.sendense.repository.remote;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets threads wait until a channel takes more, so that nobody's answer piles up in memory. */
final class Writability {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** The channel's handler calls this whenever the channel becomes writable or ends. */
  void changed() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns true when the channel takes more, false when it has ended or the time is up. */
  boolean await(Channel channel, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (channel.isActive() && !channel.isWritable()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return channel.isActive();
    } finally {
      lock.unlock();
    }
  }
}
