package im.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;
import com.hazelcast.logging.LogEvent;
import com.hazelcast.logging.LogListener;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns which addresses turned out to be of a cluster with another name while a member joins.
 * Hazelcast then begins a cluster of its own and says so to nobody but its log, which is therefore
 * listened to.
 */
final class OtherNames implements LifecycleListener, HazelcastInstanceAware, LogListener {
  private static final Pattern REFUSED =
      Pattern.compile("at node: \\[?([^\\]]+?)]?:(\\d+) Cause: .* different cluster-name");

  private final Set<String> found = new ConcurrentSkipListSet<>();
  private HazelcastInstance member;

  /** The addresses, as {@code host:port}. */
  Set<String> found() {
    return found;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance member) {
    this.member = member;
  }

  @Override
  public void stateChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleState.STARTING) {
      member.getLoggingService().addLogListener(Level.WARNING, this);
    } else if (event.getState() == LifecycleState.STARTED) {
      member.getLoggingService().removeLogListener(this);
    }
  }

  @Override
  public void log(LogEvent event) {
    Matcher refused = REFUSED.matcher(String.valueOf(event.getLogRecord().getMessage()));
    if (refused.find()) {
      found.add(refused.group(1) + ":" + refused.group(2));
    }
  }
}
