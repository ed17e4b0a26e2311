namespace Nabla.Tokenizers;

/// <summary>Does independent work on all cores, and fails as a loop would: with what the first item has thrown.</summary>
internal static class OrderedParallel
{
    /// <summary>Runs a body for each index.</summary>
    /// <exception cref="Exception">That of the lowest index for which the body has thrown one.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void Run(int count, Action<int> body, CancellationToken cancellationToken)
    {
        var first = new FirstFault();
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, (index, state) =>
        {
            try
            {
                body(index);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Break lets all lower indices finish, one of which may have to be reported instead.
                state.Break();
                first.Offer(index, exception);
            }
        });
        first.Throw();
    }

    private sealed class FirstFault
    {
        private readonly Lock _lock = new();
        private int _index = int.MaxValue;
        private Exception? _exception;

        public void Offer(int index, Exception exception)
        {
            lock (_lock)
            {
                if (index < _index)
                {
                    (_index, _exception) = (index, exception);
                }
            }
        }

        public void Throw()
        {
            if (_exception is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_exception);
            }
        }
    }
}
