using System.Collections;
using System.Globalization;

namespace Nabla.Nn;

/// <summary>Modules of one kind, such as the blocks of a transformer; their names are their numbers.</summary>
public sealed class ModuleList<TModule> : Module, IReadOnlyList<TModule>
    where TModule : Module
{
    private readonly List<TModule> _modules = [];

    /// <summary>Creates the list.</summary>
    public ModuleList(IEnumerable<TModule> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        foreach (TModule module in modules)
        {
            _modules.Add(AddModule(_modules.Count.ToString(CultureInfo.InvariantCulture), module));
        }
    }

    /// <summary>Gets the number of modules.</summary>
    public int Count => _modules.Count;

    /// <summary>Gets a module.</summary>
    public TModule this[int index] => _modules[index];

    /// <summary>Returns the modules in order.</summary>
    public IEnumerator<TModule> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
