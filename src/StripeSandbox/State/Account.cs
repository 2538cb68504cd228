using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Faults;
using StripeSandbox.Protocol;
using StripeSandbox.Time;

namespace StripeSandbox.State;

/// <summary>
/// Everything that one API key sees. One lock per account makes each operation atomic and each read consistent;
/// a committed transaction is in the journal before anybody can see it.
/// </summary>
internal sealed class Account(string id, Journal journal, Rendering rendering, BillingRules rules, SandboxClock clock)
{
    // What is only tried out uses up no fault.
    private static readonly SandboxFaults NoFaults = new();

    private readonly Lock _gate = new();
    private readonly ObjectTable _objects = new();
    private readonly DueIndex _due = new();

    public string Id { get; } = id;

    /// <summary>Tells of every commit, outside the lock; deliveries and the due-instant loop listen.</summary>
    public event Action<Account, IReadOnlyCollection<JsonObject>>? Committed;

    /// <summary>The earliest instant (unix seconds) at which something happens by itself.</summary>
    public long? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _due.Next?.At;
            }
        }
    }

    public T Execute<T>(RequestOrigin origin, Func<Transaction, T> work)
    {
        T result;
        Transaction transaction;
        lock (_gate)
        {
            transaction = new Transaction(_objects, rendering, rules, origin, clock.UnixNow);
            result = work(transaction);
            Commit(transaction);
        }
        if (transaction.Written.Count > 0)
        {
            Committed?.Invoke(this, transaction.Written);
        }

        return result;
    }

    public void Execute(RequestOrigin origin, Action<Transaction> work) => Execute(origin, transaction =>
    {
        work(transaction);
        return true;
    });

    /// <summary>What the work would come to: nothing of it is kept and nobody is told. May be called from within <see cref="Execute{T}"/>.</summary>
    public T Preview<T>(Func<Transaction, T> work)
    {
        lock (_gate)
        {
            return work(new Transaction(_objects, rendering, rules with { Faults = NoFaults }, RequestOrigin.None, clock.UnixNow));
        }
    }

    /// <summary>Applies the earliest thing that is due by now. False: nothing is due.</summary>
    public bool ApplyNextDue() => Execute(RequestOrigin.None, transaction =>
    {
        if (_due.Next is not { } next || next.At > transaction.Now)
        {
            return false;
        }

        DueInstants.Apply(transaction, transaction.Find(next.Id)!);
        return true;
    });

    /// <summary>Takes an object from the journal, before the account is used.</summary>
    public void Restore(JsonObject json)
    {
        _objects.Put(json);
        _due.Put(json);
    }

    public void Forget(string objectId)
    {
        _objects.Remove(objectId);
        _due.Remove(objectId);
    }

    public IReadOnlyList<JsonObject> Snapshot()
    {
        lock (_gate)
        {
            return [.. _objects.All];
        }
    }

    private void Commit(Transaction transaction)
    {
        if (transaction.Written.Count == 0 && transaction.Removed.Count == 0)
        {
            return;
        }

        journal.Append(Id, transaction.Written, transaction.Removed);
        foreach (var json in transaction.Written)
        {
            Restore(json);
        }

        foreach (var removed in transaction.Removed)
        {
            Forget(removed);
        }
    }
}
