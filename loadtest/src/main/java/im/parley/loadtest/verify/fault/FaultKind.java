package im.parley.loadtest.verify.fault;

import im.parley.loadtest.verify.servers.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** What can be done to servers that the load test has started. */
public enum FaultKind {
  /** kill -9 of a node, later started again */
  KILL {
    @Override
    void begin(Servers servers, int node) throws InterruptedException {
      servers.kill(node);
    }

    @Override
    void end(Servers servers, int node) throws IOException, InterruptedException {
      servers.restart(node);
    }
  },
  /** SIGSTOP of a node, later SIGCONT */
  PAUSE {
    @Override
    void begin(Servers servers, int node) throws IOException, InterruptedException {
      servers.pause(node);
    }

    @Override
    void end(Servers servers, int node) throws IOException, InterruptedException {
      servers.resume(node);
    }
  },
  /** a node is cut off from the other nodes, not from its clients and the store */
  PARTITION {
    @Override
    void begin(Servers servers, int node) throws IOException, InterruptedException {
      servers.isolate(node);
    }

    @Override
    void end(Servers servers, int node) throws IOException, InterruptedException {
      servers.heal(node);
    }
  },
  /** a node is cut off from Redis */
  STORE_CUT {
    @Override
    void begin(Servers servers, int node) throws IOException, InterruptedException {
      servers.cutStore(node);
    }

    @Override
    void end(Servers servers, int node) throws IOException, InterruptedException {
      servers.heal(node);
    }
  },
  /** kill -9 of Redis, later started again with what is on its disk */
  REDIS_KILL {
    @Override
    void begin(Servers servers, int node) throws InterruptedException {
      servers.killRedis();
    }

    @Override
    void end(Servers servers, int node) throws IOException, InterruptedException {
      servers.restartRedis();
    }
  },
  /** SIGSTOP of Redis, later SIGCONT */
  REDIS_PAUSE {
    @Override
    void begin(Servers servers, int node) throws IOException, InterruptedException {
      servers.pauseRedis();
    }

    @Override
    void end(Servers servers, int node) throws IOException, InterruptedException {
      servers.resumeRedis();
    }
  },
  /** SIGTERM of each node in turn, with exit code 0, and its start */
  ROLL {
    @Override
    void begin(Servers servers, int node) throws IOException, InterruptedException {
      servers.roll();
    }

    @Override
    void end(Servers servers, int node) {}
  },
  /** a node's wall clock jumps an hour ahead or back, later to the right time */
  CLOCK {
    @Override
    void begin(Servers servers, int node) {
      servers.jump(node, JUMP.multipliedBy(node % 2 == 0 ? 1 : -1));
    }

    @Override
    void end(Servers servers, int node) {
      servers.jump(node, Duration.ZERO);
    }
  };

  private static final Duration JUMP = Duration.ofHours(1);

  abstract void begin(Servers servers, int node) throws IOException, InterruptedException;

  abstract void end(Servers servers, int node) throws IOException, InterruptedException;

  /** On the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException naming the words that there are
   */
  public static FaultKind of(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "fault %s: expected %s or a --command"
                        .formatted(word, Arrays.stream(values()).map(FaultKind::word).toList())));
  }

  /** Whether the network must be one that can be cut. */
  public boolean needsCuts() {
    return this == PARTITION || this == STORE_CUT;
  }

  public boolean needsRedis() {
    return this == REDIS_KILL || this == REDIS_PAUSE || this == STORE_CUT;
  }

  public boolean needsClocks() {
    return this == CLOCK;
  }

  private boolean isOfOneNode() {
    return this != REDIS_KILL && this != REDIS_PAUSE && this != ROLL;
  }

  /** One of these for a node that the dice name. */
  public Fault on(Servers servers, Random random) {
    int node = random.nextInt(servers.nodes());
    FaultKind kind = this;
    return new Fault() {
      @Override
      public String name() {
        return isOfOneNode() ? kind.word() + " of node " + node : kind.word();
      }

      @Override
      public boolean epochsMayChange() {
        // Nobody can tell from outside whether a restarted Redis has lost something.
        return kind == REDIS_KILL;
      }

      @Override
      public void begin() throws IOException, InterruptedException {
        kind.begin(servers, node);
      }

      @Override
      public void end() throws IOException, InterruptedException {
        kind.end(servers, node);
        servers.awaitReady();
      }
    };
  }
}
