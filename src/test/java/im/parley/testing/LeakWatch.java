package im.parley.testing;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which a Netty buffer was not released. Needs leak detection at level
 * paranoid.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
  private static final int COLLECTIONS = 3;

  private final List<String> leaks = new CopyOnWriteArrayList<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    collect();
    ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    collect();
    ByteBufUtil.setLeakListener(null);
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size() + " buffers were not released, such as " + leaks.get(0));
    }
  }

  /**
   * Lets the detector notice: a leak is reported at the next allocation after its buffer was
   * collected.
   */
  private static void collect() {
    for (int i = 0; i < COLLECTIONS; i++) {
      WeakReference<Object> collected = new WeakReference<>(new Object());
      while (collected.get() != null) {
        System.gc();
        Thread.onSpinWait();
      }
      PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    }
  }
}
